import { expect, test } from "vitest";
import en from "./en/index";
import zh from "./zh/index";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("each text has the same placeholders in every language", () => {
  for (const [key, text] of Object.entries(en)) {
    expect([key, placeholders(zh[key as keyof typeof en])]).toEqual([key, placeholders(text)]);
  }
});
