import { expect, test } from "vitest";
import type { Component } from "../api/types";
import { offers } from "./palette";

const component = (name: string, more: Partial<Component>): Component => ({
  component: name,
  title: null,
  group: null,
  icon: null,
  docs: null,
  digest: "",
  gateway: false,
  stateless: true,
  imports: [],
  functions: [],
  ...more,
});

const called = (name: string, of: string) => ({
  function: name,
  interface: of,
  docs: `Does ${name}.`,
  parameters: [],
  input: {},
  result: null,
  error: null,
});

test("components are grouped, those of no group last", () => {
  const groups = offers(
    [
      component("mine", { functions: [called("greet", "a:b/c")] }),
      component("exclusive", { gateway: true, group: "Flow control", title: "Exclusive gateway" }),
    ],
    "",
  );
  expect(groups.map(({ group, offers }) => [group, offers.map((it) => it.title)])).toEqual([
    ["Flow control", ["Exclusive gateway"]],
    ["", ["mine"]],
  ]);
});

test("every word must be found, in the title, the docs or the name", () => {
  const all = [
    component("client", { title: "Client", functions: [called("push", "a:b/c"), called("reply", "a:b/c")] }),
  ];
  expect(offers(all, "client REP").flatMap((it) => it.offers.map((offer) => offer.offered.callee))).toEqual([
    "client.reply",
  ]);
  expect(offers(all, "client nothing")).toEqual([]);
});

test("a function that two interfaces have is called by its interface", () => {
  const all = [component("twice", { functions: [called("go", "a:b/one-way@1.0.0"), called("go", "a:b/other")] })];
  expect(offers(all, "").flatMap((it) => it.offers.map((offer) => offer.offered.callee))).toEqual([
    "twice.one_way.go",
    "twice.other.go",
  ]);
});
