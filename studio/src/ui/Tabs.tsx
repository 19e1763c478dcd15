import { useId, type KeyboardEvent, type ReactNode } from "react";
import "./tabs.css";

interface Properties<T extends string> {
  label: string;
  tabs: { id: T; label: string }[];
  chosen: T;
  onChoose: (id: T) => void;
  children: ReactNode;
}

/** Tabs, by the pattern of the ARIA authoring practices: the arrow keys go from one to the next. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose, children }: Properties<T>) {
  const id = useId();
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const place = tabs.findIndex((it) => it.id === chosen);
    const next = tabs[(place + by + tabs.length) % tabs.length]!;
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} onKeyDown={step}>
        {tabs.map((it) => (
          <button
            key={it.id}
            id={`${id}-${it.id}`}
            type="button"
            role="tab"
            aria-selected={it.id === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={it.id === chosen ? 0 : -1}
            onClick={() => onChoose(it.id)}
          >
            {it.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  );
}
