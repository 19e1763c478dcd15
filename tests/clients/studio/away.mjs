// The daemon goes away while somebody types, and comes back: node studio/away.mjs http://127.0.0.1:8080
//
// Says `editing`, and waits for a line when the daemon is gone; says `kept`, and waits for a line when it is back.

import { createInterface } from "node:readline";
import { withWindows } from "../browser/chromium.mjs";

const [url] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

await withWindows(async (open) => {
  // The browser says on its console that the daemon is away, as it should.
  const page = await open(`${url}/studio/flows/countdown`, { reducedMotion: "reduce", tolerates: () => true });
  const title = page.locator(".inspector").getByLabel("Title", { exact: true });
  await title.waitFor();
  console.log("editing");
  await lines.next();
  await title.fill("Typed while it was away");
  await page.getByText("Kept in this browser until the host is back").waitFor();
  await page.getByText("The host does not answer.").waitFor();
  console.log("kept");
  await lines.next();
  await page.getByText("Draft saved").waitFor();
  await page.getByText("The host does not answer.").waitFor({ state: "hidden" });
  // A page that is loaded anew has it as well.
  await page.reload();
  await page.getByRole("heading", { name: "Typed while it was away" }).waitFor();
  console.log("away: ok");
});
process.exit();
