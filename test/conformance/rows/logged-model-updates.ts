import { anyOrder, empty } from "../match.ts";
import { bad, get, invalid, missing, patch, post, type Row, remove } from "../row.ts";

const model = "logged-models/{{loggedModel}}";
const info = (fields: object) => ({ body: { model: { info: fields } } });
const data = (fields: object) => ({ body: { model: { data: fields } } });
const finish = (status: unknown) => ({ model_id: "{{loggedModel}}", status });

export const loggedModelUpdates: readonly Row[] = [
  {
    id: "logged-models.finish",
    title: "PATCH sets the status by its long word or its number",
    source: "1.5 PATCH logged-models/{id}",
    given: ["logged-model"],
    steps: [
      patch(model, finish("LOGGED_MODEL_READY"), info({ status: "LOGGED_MODEL_READY" })),
      patch(model, finish("LOGGED_MODEL_UPLOAD_FAILED"), info({ status: "LOGGED_MODEL_UPLOAD_FAILED" })),
      patch(model, finish(2), info({ status: "LOGGED_MODEL_READY" })),
      patch(model, finish(3), info({ status: "LOGGED_MODEL_UPLOAD_FAILED" })),
      get(model, {}, info({ status: "LOGGED_MODEL_UPLOAD_FAILED" })),
    ],
  },
  {
    id: "logged-models.finish.short-word",
    title: "the short word READY is answered 200 and stores UNSPECIFIED",
    source: "1.5 PATCH logged-models/{id}",
    given: ["logged-model"],
    steps: [
      patch(model, finish("READY"), {
        ...info({ status: "LOGGED_MODEL_STATUS_UNSPECIFIED" }),
        embedded: { ...invalid("status"), why: "a status that was not understood must not be stored" },
      }),
    ],
  },
  {
    id: "logged-models.finish.fields",
    title: "PATCH wants model_id and status in the body",
    source: "1.5 PATCH logged-models/{id}",
    given: ["logged-model"],
    steps: [
      patch(model, { status: "LOGGED_MODEL_READY" }, invalid("model_id")),
      patch(model, { model_id: "{{loggedModel}}" }, invalid("status")),
    ],
  },
  {
    id: "logged-models.tags",
    title: "tags are set, overwritten and removed; removing a missing one is 404",
    source: "1.5 PATCH …/{id}/tags",
    given: ["logged-model"],
    steps: [
      patch(
        `${model}/tags`,
        { model_id: "{{loggedModel}}", tags: [{ key: "a", value: "1" }] },
        { body: empty },
      ),
      patch(
        `${model}/tags`,
        {
          tags: [
            { key: "a", value: "2" },
            { key: "b", value: "3" },
          ],
        },
        { body: empty },
      ),
      get(model, {}, info({ tags: anyOrder({ key: "a", value: "2" }, { key: "b", value: "3" }) })),
      remove(`${model}/tags/a`, undefined, { body: empty }),
      get(model, {}, info({ tags: [{ key: "b", value: "3" }] })),
      remove(`${model}/tags/a`, undefined, missing()),
    ],
  },
  {
    id: "logged-models.params",
    title: "params are added; another value for a key is 400 BAD_REQUEST",
    source: "1.5 POST …/{id}/params",
    given: ["logged-model"],
    steps: [
      post(
        `${model}/params`,
        { model_id: "{{loggedModel}}", params: [{ key: "p", value: "1" }] },
        { body: empty },
      ),
      get(model, {}, data({ params: [{ key: "p", value: "1" }] })),
      post(`${model}/params`, { model_id: "{{loggedModel}}", params: [{ key: "p", value: "2" }] }, bad()),
      get(model, {}, data({ params: [{ key: "p", value: "1" }] })),
    ],
  },
];
