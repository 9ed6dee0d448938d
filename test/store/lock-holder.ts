import { DatabaseSync } from "node:sqlite";

/** Takes the store's lock, says so, and never gives it back. */
const database = new DatabaseSync(process.argv[2] ?? "");
database.exec("BEGIN IMMEDIATE");
database.exec("INSERT INTO changes (folder) VALUES ('experiments/none')");
process.stdout.write("held\n");
setInterval(() => database.isOpen, 60_000);
