// Makes a data folder with runs that are under way: node tests/journals/make.mjs SANDGATE FOLDER. See README.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import WebSocket from "../clients/node_modules/ws/wrapper.mjs";

import { connect } from "../../sdk/client-js/dist/client.js";

const [sandgate, folder] = process.argv.slice(2);
const project = fileURLToPath(new URL("project", import.meta.url));
const AGES = `[limits.engine.journal]
history_ms_max = 31_536_000_000_000
ended_runs_stored_ms_max = 31_536_000_000_000
key_ms_max = 31_536_000_000_000
`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const daemon = spawn(sandgate, ["serve", project, "--listen", "127.0.0.1:0", "--data", folder]);
daemon.stderr.pipe(process.stderr);
const [first] = await once(createInterface(daemon.stdout), "line");
const ann = connect(`${first.split(" at ")[1]}/ws/fall?client=ann`, { WebSocket });
const welcome = await new Promise((resolve) => ann.on("welcome", resolve));
writeFileSync(join(folder, "had.json"), `${JSON.stringify(welcome.positions)}\n`);
await ann.run({ a: 2, ms: 1 }, { key: "over" });
const pushed = new Promise((resolve) => ann.on("push", ({ channel }) => channel === "everyone" && resolve()));
await ann.start({ a: 1, ms: 2000 });
await pushed;
daemon.kill("SIGTERM");
await once(daemon, "exit");
ann.close();
rmSync(join(folder, "cache"), { recursive: true, force: true });
for (const file of ["lock", "journal.sqlite-shm", "versions.sqlite-shm"]) rmSync(join(folder, file), { force: true });
writeFileSync(join(folder, "sandgate.toml"), AGES);
