// What a person does in the Studio, by mouse and keyboard alone.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Takes a picture of each step, numbered: of those, docs/tutorial has some. */
export function camera(page, folder) {
  let number = 0;
  return async (name) => {
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    number += 1;
    const path = join(folder, `${String(number).padStart(2, "0")}-${name}.jpg`);
    await page.screenshot({ path, type: "jpeg", quality: 70, animations: "disabled" });
  };
}

/** Drags what is called so from the palette to a place of the graph, from its upper left. */
export async function drag(page, offer, x, y) {
  const from = page.locator(".offer", { hasText: offer }).first();
  await from.dragTo(page.locator(".editor-graph .react-flow__pane"), { targetPosition: { x, y } });
}

/** A node on the graph. */
export const node = (page, id) => page.locator(`.react-flow__node[data-id="${id}"]`);

/** Pulls a way from a handle to a node. */
export async function pull(page, from, handle, to) {
  const source = await centre(node(page, from).locator(`.react-flow__handle[data-handleid="${handle}"]`));
  const target = await centre(node(page, to).locator(`.react-flow__handle[data-handleid="in"]`));
  await page.mouse.move(source.x, source.y);
  await page.mouse.down();
  await page.mouse.move((source.x + target.x) / 2, (source.y + target.y) / 2, { steps: 4 });
  await page.mouse.move(target.x, target.y, { steps: 4 });
  await page.mouse.up();
}

async function centre(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** Selects a node, so that the inspector shows it. */
export async function select(page, id) {
  await node(page, id).locator(".card-head").click();
  await page.locator(".inspector").getByLabel("Title", { exact: true }).waitFor();
}

/** Gives a parameter of the selected node by an expression. */
export async function express(page, parameter, expression) {
  const field = page.locator(`.value-field[data-parameter="${parameter}"]`);
  const toExpression = field.getByRole("button", { name: `Give ${parameter} by an expression` });
  if (await toExpression.isVisible()) await toExpression.click();
  await field.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(expression);
  await page.keyboard.press("Escape");
}

/** Until the draft is kept by the daemon. */
export async function saved(page) {
  await page.locator(".save-saved").waitFor();
}
