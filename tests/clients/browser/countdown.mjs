// The countdown in two windows: node browser/countdown.mjs http://127.0.0.1:8080 FOLDER_OF_PICTURES

import assert from "node:assert/strict";
import { picture, withWindows } from "./chromium.mjs";

const [, , BASE, PICTURES] = process.argv;
const PAGE = `${BASE}/demo/countdown`;

const connected = (page) => page.waitForSelector("#start:enabled");
const phase = (page, phase) => page.waitForSelector(`#dial[data-phase="${phase}"]`);

/** From now on, every number that the page shows is noted. */
function note(page) {
  return page.evaluate(() => {
    const number = document.getElementById("number");
    if (window.noted) return void (window.noted = []);
    window.noted = [];
    new MutationObserver(() => window.noted.push(number.textContent)).observe(number, { childList: true });
  });
}

const noted = (page) => page.evaluate(() => window.noted);

async function count(page, from) {
  await page.fill("#a", String(from));
  await page.click("#start");
}

async function fallsInEveryWindow(english, chinese) {
  await english.fill("#a", "3");
  await Promise.all([english, chinese].map(note));
  await english.click("#start");
  await phase(chinese, "counting");
  assert.equal(await english.textContent("#status"), "This window started it.");
  assert.equal(await chinese.textContent("#status"), "由另一个窗口启动。");
  await Promise.all([picture(english, PICTURES, "countdown-en-light"), picture(chinese, PICTURES, "countdown-zh-dark")]);
  for (const page of [english, chinese]) {
    await phase(page, "zero");
    assert.deepEqual(await noted(page), ["3", "2", "1", "0"]);
  }
}

// Two runs at once: who started one follows that, and who started none follows the first and then no other.
async function aSecondStartMixesNothing(first, second, onlooker) {
  await first.fill("#a", "4");
  await second.fill("#a", "7");
  await Promise.all([first, second, onlooker].map(note));
  await first.click("#start");
  await Promise.all([first, second, onlooker].map((page) => phase(page, "counting")));
  await second.click("#start");
  await phase(second, "zero");
  assert.deepEqual(await noted(first), ["4", "3", "2", "1", "0"]);
  assert.deepEqual(await noted(onlooker), ["4", "3", "2", "1", "0"]);
  const seen = await noted(second);
  assert.deepEqual(seen.slice(seen.indexOf("7")), ["7", "6", "5", "4", "3", "2", "1", "0"]);
}

async function whatDoesNotFitIsSaid(page) {
  await count(page, -3);
  await page.waitForSelector("#refused:not([hidden])");
  assert.match(await page.textContent("#refused"), /-3/);
}

await withWindows(async (open) => {
  const english = await open(PAGE);
  const chinese = await open(PAGE, { locale: "zh-CN", colorScheme: "dark" });
  await Promise.all([english, chinese].map(connected));
  assert.equal(await chinese.textContent("#start"), "倒计时开始");
  assert.equal(await chinese.getAttribute("html", "lang"), "zh-CN");
  await picture(chinese, PICTURES, "countdown-zh-dark-before");
  await fallsInEveryWindow(english, chinese);
  const onlooker = await open(PAGE);
  await connected(onlooker);
  await aSecondStartMixesNothing(english, chinese, onlooker);
  await whatDoesNotFitIsSaid(english);
});
console.log("countdown: ok");
