// Puts beside each file of the build the same compressed: the daemon sends that to browsers.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync, constants } from "node:zlib";

const folder = new URL("dist/assets/", import.meta.url);
for (const name of await readdir(folder)) {
  if (name.endsWith(".gz")) continue;
  const file = new URL(name, folder);
  await writeFile(`${file.pathname}.gz`, gzipSync(await readFile(file), { level: constants.Z_BEST_COMPRESSION }));
}
