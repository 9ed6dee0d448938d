// A model server for tests. What it does is decided by the model's `behaviour` file, as a bad model would.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const { MLOPS_MODEL_PATH: folder, MLOPS_MODEL_VERSION: version, PORT, HOST } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);
const behaviour = JSON.parse(readFileSync(path.join(folder, "behaviour.json"), "utf8"));
say(`serving version ${version} with ${JSON.stringify(behaviour)}`);

if (behaviour.crash) {
  say("Traceback: the model cannot be unpickled");
  process.exit(3);
}
if (behaviour.ignoreTerm) process.on("SIGTERM", () => say("not now"));
else process.on("SIGTERM", () => process.exit(0));

let healthQuestions = 0;
const server = createServer((request, response) => {
  const reply = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  if (request.url === "/health") {
    healthQuestions++;
    // Slow to start: says that it is there, but not ready yet.
    const isReady = healthQuestions > (behaviour.unhealthyAnswers ?? 0);
    if (behaviour.silentFrom <= healthQuestions) return undefined;
    if (behaviour.unhealthyFrom <= healthQuestions) return reply(500, { status: "broken" });
    if (behaviour.neverHealthy) return reply(503, { status: "loading" });
    return reply(isReady ? 200 : 503, { status: isReady ? "ok" : "loading" });
  }
  if (request.url === "/environment") return reply(200, process.env);
  if (request.url === "/slow") {
    // Ends when the test says so, by a file.
    writeFileSync(behaviour.startedFile, "");
    const timer = setInterval(() => {
      if (!existsSync(behaviour.finishFile)) return;
      clearInterval(timer);
      reply(200, { version });
    }, 10);
    return undefined;
  }
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    if (behaviour.predictStatus) return reply(behaviour.predictStatus, { error: "no such column" });
    if (behaviour.predictText) return reply(200, behaviour.predictText);
    return reply(200, { risk: 0.2, version, got: body === "" ? null : JSON.parse(body) });
  });
  return undefined;
});
server.listen(Number(PORT), HOST);
