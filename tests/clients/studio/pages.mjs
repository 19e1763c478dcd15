// Every page by axe-core, in both languages and looks, and on a phone: node studio/pages.mjs http://127.0.0.1:8080 [pictures]

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { withWindows } from "../browser/chromium.mjs";
import { camera } from "./hands.mjs";

const [url, pictures] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds on a page as it is, in a line each. */
async function violations(page) {
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), WCAG);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}

/** Opens a page with the library of axe, which the page's own policy would keep out. */
async function at(page, path) {
  await page.goto(`${url}/studio${path}`);
  await page.locator("main h1").waitFor();
  await page.addScriptTag({ path: axe });
}

const PAGES = {
  home: ["", async () => {}],
  components: ["/components", async () => {}],
  integration: ["/flows/countdown/integration", async (page) => page.locator("summary").first().click()],
  versions: ["/flows/countdown/versions", async () => {}],
  runs: ["/flows/countdown/runs", async (page) => page.locator("tbody tr").first().waitFor()],
  editor: ["/flows/countdown", async (page) => page.locator('[data-id="positive"] .card-head').click()],
};

async function run() {
  const body = JSON.stringify({ a: 0 });
  assert.ok((await fetch(`${url}/run/countdown`, { method: "POST", body })).ok);
}

await run();
await withWindows(async (open) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const locale of ["en-GB", "zh-CN"]) {
      const options = { reducedMotion: "reduce", bypassCSP: true, colorScheme, locale, tolerates: (text) => text.includes("404") };
      const page = await open(`${url}/studio`, options);
      const picture = camera(page, pictures && `${pictures}/${colorScheme}-${locale}`);
      for (const [name, [path, act]] of Object.entries(PAGES)) {
        await at(page, path);
        await act(page);
        await picture(name);
        assert.deepEqual(await violations(page), [], `${name}, ${colorScheme}, ${locale}`);
      }
      for (const drawer of [/^(Cases|用例)$/, /^(Try it|试运行)$/]) {
        await page.getByRole("button", { name: drawer }).click();
        await page.locator(".cases .button-main").first().click();
        await page.locator(".trace li").first().waitFor();
        await picture("drawer");
        assert.deepEqual(await violations(page), [], `${drawer}, ${colorScheme}, ${locale}`);
      }
      const languages = { "en-GB": "en", "zh-CN": "zh" };
      assert.equal(await page.getAttribute("html", "lang"), languages[locale]);
      await page.close();
    }
  }
  // The language and the look are chosen, and remembered; a phone shows all of it in its width.
  const phone = await open(`${url}/studio`, { viewport: { width: 390, height: 844 }, locale: "en-GB", tolerates: (text) => text.includes("404") });
  await phone.getByRole("button", { name: "中文" }).click();
  await phone.getByRole("link", { name: "接口", exact: true }).waitFor();
  await phone.getByRole("button", { name: /外观/ }).click();
  await phone.getByRole("button", { name: /外观/ }).click();
  await phone.reload();
  await phone.getByRole("link", { name: "接口", exact: true }).waitFor();
  assert.equal(await phone.getAttribute("html", "data-theme"), "dark");
  const picture = camera(phone, pictures && `${pictures}/phone`);
  for (const path of ["", "/components", "/flows/countdown/integration", "/flows/countdown/runs", "/flows/countdown"]) {
    await phone.goto(`${url}/studio${path}`);
    await phone.locator("main h1").waitFor();
    await picture(path.replaceAll("/", "-") || "home");
    const [wide, width] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= width, `${path} is ${wide} wide`);
  }
  console.log("pages: ok");
});
