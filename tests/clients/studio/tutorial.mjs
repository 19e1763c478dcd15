// The tutorial by mouse and keyboard, from an empty folder to the falling number: node studio/tutorial.mjs http://127.0.0.1:8080 [pictures]

import assert from "node:assert/strict";
import { withWindows } from "../browser/chromium.mjs";
import { camera, drag, express, node, pull, saved, select } from "./hands.mjs";

const [url, pictures] = process.argv.slice(2);

await withWindows(async (open) => {
  // A flow that is new has neither versions nor cases yet.
  const page = await open(`${url}/studio`, { reducedMotion: "reduce", tolerates: (text) => text.includes("404") });
  await page.setViewportSize({ width: 1280, height: 800 });
  const picture = camera(page, pictures);

  // An empty folder becomes a project, and gets an interface.
  await page.getByRole("button", { name: "Make it a project" }).click();
  await page.getByLabel("Name").fill("Tutorial");
  await page.getByRole("dialog").getByRole("button", { name: "Make it a project" }).click();
  await page.getByRole("heading", { name: "Tutorial", level: 1 }).waitFor();
  await picture("project");
  await page.getByRole("button", { name: "New interface" }).first().click();
  await page.getByLabel("Title").fill("Countdown");
  await picture("new-interface");
  await page.getByRole("button", { name: "Begin" }).click();

  // The entry parameter `a`.
  await page.getByLabel("Description").fill("Counts down from `a`, pushing every number to the connected clients.");
  await page.getByRole("button", { name: "Add a parameter" }).click();
  await page.getByRole("button", { name: "More on a" }).click();
  await page.getByLabel("Least").fill("0");
  await page.getByLabel("Must be given").click();
  await page.getByLabel("Default", { exact: true }).fill("10");
  await page.locator(".parameter-detail").getByLabel("Description").fill("Where the countdown starts.");
  await saved(page);
  await picture("parameter");

  // Five nodes, and the ways between them.
  await drag(page, "Counter", 300, 120);
  await page.getByLabel("Name in expressions").fill("count");
  await page.keyboard.press("Enter");
  await drag(page, "Exclusive gateway", 300, 230);
  await drag(page, "client.push", 140, 380);
  await page.getByLabel("Name in expressions").fill("show");
  await page.keyboard.press("Enter");
  await drag(page, "Function", 140, 490);
  await page.getByLabel("Name in expressions").fill("pause");
  await page.keyboard.press("Enter");
  await drag(page, "output.result", 480, 380);
  await page.getByLabel("Name in expressions").fill("done");
  await page.keyboard.press("Enter");
  await picture("nodes");
  await pull(page, "count", "next", "exclusive");
  await pull(page, "exclusive", "branch:new", "show");
  await pull(page, "exclusive", "branch:new", "done");
  await pull(page, "show", "next", "pause");
  await pull(page, "pause", "next", "count");
  await picture("connected");

  // Each filled in.
  await select(page, "count");
  await express(page, "index", "count");
  await express(page, "count", "input.a");
  await select(page, "show");
  await express(page, "message", "count");
  await picture("expression");
  await select(page, "done");
  await express(page, "value", "count");

  // Conditions on the branches.
  await select(page, "exclusive");
  for (const [index, name, operator] of [[0, "still counting", ">"], [1, "at zero", "<="]]) {
    const branch = page.locator(".branch").nth(index);
    await branch.getByLabel("Name", { exact: true }).fill(name);
    await branch.getByRole("button", { name: "Condition", exact: true }).click();
    await branch.getByLabel("Operator").selectOption(operator);
  }
  await page.getByLabel("Name in expressions").fill("positive");
  await page.keyboard.press("Enter");
  await saved(page);
  await page.locator("[data-errors='0']").waitFor();
  await picture("conditions");
  await page.getByRole("button", { name: "Arrange the graph (L)" }).click();
  await picture("arranged");

  // A case: what comes of a = 3.
  await page.getByRole("button", { name: "Cases" }).click();
  await page.getByRole("button", { name: "New case" }).click();
  await page.locator(".case-form").getByLabel("a", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Run this case" }).click();
  await picture("case-running");
  await page.locator(".timeline-output").waitFor();
  const told = await page.locator(".timeline-what code").allInnerTexts();
  assert.deepEqual(told, ["3", "2", "1", "0"]);
  assert.deepEqual(await page.locator(".timeline time").allInnerTexts(), ["0 ms", "1 s", "2 s", "3 s"]);
  await node(page, "count").locator(".card-passed-badge", { hasText: "×4" }).waitFor();
  await picture("case");
  await page.getByRole("button", { name: "Keep this result as the expectation" }).click();
  await page.getByRole("button", { name: "Run this case" }).click();
  await page.getByRole("heading", { name: "As expected" }).waitFor();
  await picture("case-passes");

  // Published, and seen on the countdown's page.
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("All cases come out as expected: 1.").waitFor();
  await page.getByLabel("What changes").fill("The first countdown");
  await picture("publish");
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "Version 1 is published" }).waitFor();
  await picture("published");
  await page.getByRole("link", { name: "See the countdown page" }).click();
  await page.fill("#a", "3");
  await page.click("#start:enabled");
  await page.waitForSelector('#dial[data-phase="counting"]');
  await picture("countdown");
  await page.waitForSelector('#dial[data-phase="zero"]');
  console.log("tutorial: ok");
});
