// Opens each flow, moves a node of it, and waits until that is saved: node studio/move.mjs http://127.0.0.1:8080

import { withWindows } from "../browser/chromium.mjs";
import { saved } from "./hands.mjs";

const [url] = process.argv.slice(2);
const { flows } = await (await fetch(`${url}/api/v1/flows`)).json();

await withWindows(async (open) => {
  for (const { flow } of flows) {
    const page = await open(`${url}/studio/flows/${flow}`, { reducedMotion: "reduce", tolerates: (text) => text.includes("404") });
    const card = page.locator(".react-flow__node .card").first();
    const { x, y, width } = await card.boundingBox();
    await page.mouse.move(x + width / 2, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 60, y + 50, { steps: 6 });
    await page.mouse.up();
    await page.getByText("Draft saved").waitFor();
    await saved(page);
    await page.close();
  }
});
