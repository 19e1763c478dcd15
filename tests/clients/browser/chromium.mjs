// Debian's Chromium, driven by playwright-core.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PATH = process.env.CHROMIUM ?? "/usr/bin/chromium";
// It is to talk to the daemon, and to nobody else.
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];
const WAIT_MS_MAX = 20_000;

/** Calls `act(open)`. `open(path, options)` opens an address in a window that shares nothing with any other. */
export async function withWindows(act) {
  const browser = await chromium.launch({ executablePath: PATH, args: QUIET });
  const open = async (address, { tolerates = () => false, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-GB", ...options });
    context.setDefaultTimeout(WAIT_MS_MAX);
    const page = await context.newPage();
    page.on("pageerror", fail);
    page.on("console", (line) => line.type() === "error" && !tolerates(line.text()) && fail(line.text()));
    await page.goto(address);
    return page;
  };
  try {
    await act(open);
  } finally {
    await browser.close();
  }
}

// A page that complains has a fault, whatever it shows.
function fail(error) {
  console.error("the page says:", error);
  process.exitCode = 1;
}

/** Keeps a picture of a window, to be looked at by people. */
export async function picture(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: "disabled" });
}
