import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import { keepMine, takeTheirs } from "./resolve";
import type { Saver } from "./saving";
import type { EditorStore } from "./store";

const ConflictDialog = lazy(async () => ({ default: (await import("./ConflictDialog")).ConflictDialog }));

/** Asks which of two texts is to stay, where somebody else has saved another. */
export function Conflict({ editor, saver }: { editor: EditorStore; saver: Saver }) {
  const { text, saved } = useStore(editor);
  if (saved.state !== "conflict") return null;
  return (
    <Suspense fallback={null}>
      <ConflictDialog
        mine={text}
        theirs={saved.theirs}
        onMine={() => keepMine(editor, saver)}
        onTheirs={() => takeTheirs(editor)}
      />
    </Suspense>
  );
}
