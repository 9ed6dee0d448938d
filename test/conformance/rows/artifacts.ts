import { absent, anyOrder } from "../match.ts";
import { getArtifact, invalid, listArtifacts, putArtifact, type Row } from "../row.ts";

const root = "{{experiment}}/{{run}}/artifacts";
const permanent = "the client retries a 5xx for four minutes; the condition is permanent";

/** A name that goes up encoded, is listed as `name`, and comes down again. */
function namedFile(id: string, name: string): Row {
  return {
    id: `artifacts.name.${id}`,
    title: `a file named ${JSON.stringify(name)} goes up, is listed, comes down`,
    source: "1.3 encode each segment",
    given: ["run"],
    steps: [
      putArtifact(`${root}/${encodeURIComponent(name)}`, "text"),
      listArtifacts(root, { body: { files: [{ path: name, is_dir: false, file_size: 4 }] } }),
      getArtifact(`${root}/${encodeURIComponent(name)}`, { text: "text" }),
    ],
  };
}

function refusedPath(id: string, path: string): Row {
  return {
    id: `artifacts.path.${id}`,
    title: `PUT and GET of ${path} are 400 Invalid path`,
    source: "1.3 encode each segment",
    given: ["run"],
    steps: [
      putArtifact(`${root}/${path}`, "text", invalid("path")),
      getArtifact(`${root}/${path}`, invalid("path")),
    ],
  };
}

export const artifacts: readonly Row[] = [
  {
    id: "artifacts.put",
    title: "PUT stores the bytes, GET gives them back with their length",
    source: "1.3 PUT artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/a/b/file.txt`, "text"),
      getArtifact(`${root}/a/b/file.txt`, { text: "text", responseHeaders: { "content-length": "4" } }),
    ],
  },
  {
    id: "artifacts.put.overwrite",
    title: "PUT onto a file replaces it",
    source: "1.3 PUT artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/file.txt`, "a longer text"),
      putArtifact(`${root}/file.txt`, "short"),
      getArtifact(`${root}/file.txt`, { text: "short" }),
    ],
  },
  {
    id: "artifacts.put.chunked",
    title: "a chunked PUT stores the bytes",
    source: "1.3 PUT artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/file.txt`, "x".repeat(200_000), { chunked: true }),
      listArtifacts(root, { body: { files: [{ path: "file.txt", is_dir: false, file_size: 200_000 }] } }),
    ],
  },
  {
    id: "artifacts.put.empty",
    title: "an empty file is stored; the listing leaves its file_size out",
    source: "1.3 GET artifacts?path=<dir>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/chunked`, "", { chunked: true }),
      putArtifact(`${root}/counted`, ""),
      listArtifacts(root, {
        body: {
          files: anyOrder(
            { path: "chunked", is_dir: false, file_size: absent },
            { path: "counted", is_dir: false, file_size: absent },
          ),
        },
      }),
      getArtifact(`${root}/chunked`, { text: /^$/, responseHeaders: { "content-length": "0" } }),
    ],
  },
  {
    id: "artifacts.put.slash",
    title: "a path that ends in / is 400",
    source: "1.3 PUT artifacts/<path>",
    given: ["run"],
    steps: [putArtifact(`${root}/file.txt/`, "text", { status: 400 })],
  },
  {
    id: "artifacts.put.onto-directory",
    title: "PUT onto a directory, or below a file, is refused",
    source: "1.3 PUT artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/dir/file.txt`, "text"),
      putArtifact(`${root}/dir`, "text", { status: 500, embedded: { ...invalid(), why: permanent } }),
      putArtifact(`${root}/dir/file.txt/below`, "text", {
        status: 500,
        embedded: { ...invalid(), why: permanent },
      }),
      getArtifact(`${root}/dir/file.txt`, { text: "text" }),
    ],
  },
  {
    id: "artifacts.put.long-name",
    title: "a name of more than 255 bytes is refused",
    source: "1.3 encode each segment",
    given: ["run"],
    steps: [
      putArtifact(`${root}/${"x".repeat(256)}`, "text", {
        status: 500,
        embedded: { ...invalid(), why: permanent },
      }),
    ],
  },
  namedFile("space", "a b.txt"),
  namedFile("unicode", "größe 模型 🙂.txt"),
  namedFile("signs", "a+b;c=d&e?f\\g.txt"),
  namedFile("dots", "..a..b"),
  refusedPath("hash", "a%23b"),
  refusedPath("parent", "../../x"),
  refusedPath("parent-encoded", "%2e%2e/%2e%2e/x"),
  refusedPath("inner-parent", "a/../b"),
  {
    id: "artifacts.path.percent",
    title: "a literal %XX in a name is decoded once more",
    source: "1.3 encode each segment",
    given: ["run"],
    steps: [
      putArtifact(`${root}/a%2525b`, "text"),
      listArtifacts(root, {
        body: { files: [{ path: "a%b", is_dir: false, file_size: 4 }] },
        embedded: {
          status: 200,
          body: { files: [{ path: "a%25b", is_dir: false, file_size: 4 }] },
          why: "decoded once, every name can be stored and read back",
        },
      }),
    ],
  },
];
