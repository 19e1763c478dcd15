/** What can be added to a flow: what the loaded components export. */

import type { Component } from "../api/types";
import type { Offered } from "./gestures";

export interface Offer {
  offered: Offered;
  title: string;
  docs: string;
  icon: string | null;
  component: string;
}

export interface OfferGroup {
  /** Empty for components that say no group. */
  group: string;
  offers: Offer[];
}

/** All that matches every word, by groups in their order. */
export function offers(components: Component[], search: string): OfferGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Offer[]>();
  for (const component of components) {
    for (const offer of ofComponent(component)) {
      const haystack = [offer.title, offer.docs, offer.offered.callee, component.group].join(" ").toLowerCase();
      if (!words.every((word) => haystack.includes(word))) continue;
      const group = component.group ?? "";
      groups.set(group, [...(groups.get(group) ?? []), offer]);
    }
  }
  const sorted = [...groups].sort(([a], [b]) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  return sorted.map(([group, offers]) => ({ group, offers }));
}

function ofComponent(component: Component): Offer[] {
  const { component: name, title, icon, docs, gateway, functions } = component;
  const shared = { icon, component: name };
  const own: Offer[] = gateway
    ? [{ ...shared, offered: { kind: "gateway", callee: name }, title: title ?? name, docs: docs ?? "" }]
    : [];
  const shown = title ?? name;
  const calls = functions.map((it): Offer => {
    // What is alone in its component is called as the component is.
    const isAlone = functions.length === 1;
    return {
      ...shared,
      offered: { kind: "call", callee: calleeOf(component, it.function, it.interface) },
      title: isAlone ? shown : `${shown}: ${it.function}`,
      docs: it.docs ?? docs ?? "",
    };
  });
  return [...own, ...calls];
}

/** `component.function`, with the interface between where that is ambiguous. */
function calleeOf({ component, functions }: Component, name: string, of: string): string {
  const isAmbiguous = functions.filter((it) => it.function === name).length > 1;
  const short = /\/([^@]+)/.exec(of)?.[1]?.replaceAll("-", "_") ?? of;
  return isAmbiguous ? `${component}.${short}.${name}` : `${component}.${name}`;
}
