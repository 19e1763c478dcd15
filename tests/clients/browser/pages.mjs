// The list of interfaces and the pages to try them: node browser/pages.mjs http://127.0.0.1:8080 FOLDER_OF_PICTURES

import assert from "node:assert/strict";
import { picture, withWindows } from "./chromium.mjs";

const [, , BASE, PICTURES] = process.argv;
const LOOKS = [
  { locale: "en-GB", colorScheme: "light" },
  { locale: "en-GB", colorScheme: "dark" },
  { locale: "zh-CN", colorScheme: "light" },
  { locale: "zh-CN", colorScheme: "dark" },
];

const suffix = ({ locale, colorScheme }) => `${locale.slice(0, 2)}-${colorScheme}`;
const connected = (page) => page.waitForSelector('#connection[data-state="live"]');
const event = (page, kind) => page.waitForSelector(`#events [data-event="${kind}"]`);

async function interfacesAreListed(open) {
  for (const look of LOOKS) {
    const page = await open(BASE, look);
    await page.waitForSelector('[data-flow="countdown"][data-status="served"]');
    assert.equal(await page.getAttribute("html", "lang"), look.locale === "zh-CN" ? "zh-CN" : "en");
    const address = `${BASE.replace("http", "ws")}/ws/countdown`;
    assert.ok((await page.textContent('[data-flow="countdown"]')).includes(address));
    await picture(page, PICTURES, `interfaces-${suffix(look)}`);
    await page.context().close();
  }
}

async function aFlowIsTried(open) {
  for (const look of LOOKS) {
    const page = await open(`${BASE}/try/countdown`, look);
    await connected(page);
    assert.equal(await page.inputValue("#input-a"), "10");
    await page.fill("#input-a", "1");
    await page.click("#go");
    await event(page, "output");
    const kinds = await page.$$eval("#events li", (all) => all.map((one) => one.dataset.event));
    assert.deepEqual(kinds, ["output", "push", "started"], "newest first, and the output once");
    const sent = await page.textContent('#frames [data-direction="sent"] pre');
    assert.deepEqual(JSON.parse(sent).params.input, { a: 1 });
    await picture(page, PICTURES, `try-${suffix(look)}`);
    await page.context().close();
  }
}

async function aRunIsCancelled(open) {
  const page = await open(`${BASE}/try/countdown`);
  await connected(page);
  await page.fill("#input-a", "1000");
  await page.click("#go");
  await event(page, "push");
  await page.click("#cancel:enabled");
  await event(page, "failed");
  await page.waitForSelector("#cancel:disabled");
}

async function whatDoesNotFitIsSaid(open) {
  const page = await open(`${BASE}/try/countdown`);
  await connected(page);
  await page.fill("#input-a", "-3");
  await page.click("#go");
  await page.waitForSelector("#refused:not([hidden])");
  assert.match(await page.textContent("#refused"), /-3/);
}

async function messagesAreSentRaw(open) {
  const page = await open(`${BASE}/try/echo`);
  await connected(page);
  await page.fill("#message", "hello, 世界");
  await page.click("#go");
  await page.waitForSelector('#events li:has-text("hello, 世界")');
  await page.check('input[value="hex"]');
  await page.fill("#message", "00 01 ff");
  await page.click("#go");
  await page.waitForSelector('#events li:has-text("00 01 ff"):has-text("binary, 3 bytes")');
  await picture(page, PICTURES, "try-raw-en-light");
}

async function anUnknownFlowIsSaidToBe(open) {
  const page = await open(`${BASE}/try/nothing`, { tolerates: (line) => line.includes("404") });
  await page.waitForSelector('h1:has-text("nothing")');
  assert.ok(await page.isHidden("#desk"));
}

// What English says, Chinese does too, and the HTML asks for nothing that neither says.
async function languagesAreComplete(open) {
  const page = await open(BASE);
  const { en, zh, asked } = await page.evaluate(async () => {
    const keys = async (language) => Object.keys((await import(`/pages/i18n/${language}.js`)).default).sort();
    const html = await Promise.all(["/", "/try/x", "/demo/countdown"].map(async (path) => (await fetch(path)).text()));
    const asked = [...html.join("").matchAll(/data-t(?:-label)?="([^"]+)"/g)].map(([, key]) => key);
    return { en: await keys("en"), zh: await keys("zh"), asked };
  });
  assert.deepEqual(zh, en);
  assert.deepEqual(asked.filter((key) => !en.includes(key)), []);
}

await withWindows(async (open) => {
  await interfacesAreListed(open);
  await aFlowIsTried(open);
  await aRunIsCancelled(open);
  await whatDoesNotFitIsSaid(open);
  await messagesAreSentRaw(open);
  await anUnknownFlowIsSaidToBe(open);
  await languagesAreComplete(open);
});
console.log("pages: ok");
