import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { components as ask } from "../api/daemon";
import type { Component } from "../api/types";

const known = createStore<{ components: Component[]; asked: boolean }>(() => ({ components: [], asked: false }));

/** The components that are loaded; none as long as they are not known. */
export function useComponents(): Component[] {
  const { components, asked } = useStore(known);
  if (!asked) {
    known.getState().asked = true;
    void refreshComponents();
  }
  return components;
}

/** Asks for the components again: the project may have others by now. */
export async function refreshComponents(): Promise<void> {
  try {
    known.setState({ components: await ask(), asked: true });
  } catch {
    // The page says that the host does not answer; whoever shows one next asks again.
    known.setState({ asked: false });
  }
}
