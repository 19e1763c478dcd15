import { useEffect, useRef, useState } from "react";
import type { Component } from "../api/types";
import { useTexts } from "../i18n";
import { ComponentIcon } from "../ui/icon";
import type { Offered } from "./gestures";
import { offers } from "./palette";
import "./quick-add.css";

interface Properties {
  components: Component[];
  /** Where in the window; in its middle without. */
  at: { x: number; y: number } | null;
  onAdd: (offered: Offered) => void;
  onClose: () => void;
}

const LIST = "quick-add-list";

/** Finds what to add by a few letters: a combobox (ARIA authoring practices). */
export function QuickAdd({ components, at, onAdd, onClose }: Properties) {
  const { t } = useTexts();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const found = offers(components, search).flatMap((group) => group.offers);
  const current = Math.min(chosen, found.length - 1);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    if (element && at) place(element, at);
    return () => element?.close();
  }, [at]);
  const keys = (key: string) => {
    if (key === "ArrowDown") setChosen((current + 1) % Math.max(1, found.length));
    else if (key === "ArrowUp") setChosen((current - 1 + found.length) % Math.max(1, found.length));
    else if (key === "Enter" && found[current]) onAdd(found[current].offered);
    else return false;
    return true;
  };
  return (
    <dialog
      ref={dialog}
      className="quick-add"
      aria-label={t("editor.addNode")}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls={LIST}
        aria-activedescendant={found[current] ? `${LIST}-${current}` : undefined}
        aria-label={t("editor.search")}
        placeholder={t("editor.search")}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => keys(event.key) && event.preventDefault()}
      />
      <ul id={LIST} role="listbox" aria-label={t("editor.palette")}>
        {found.map((offer, index) => (
          <li
            key={offer.offered.kind + offer.offered.callee}
            id={`${LIST}-${index}`}
            role="option"
            aria-selected={index === current}
            onPointerMove={() => setChosen(index)}
            onClick={() => onAdd(offer.offered)}
          >
            <ComponentIcon name={offer.icon} />
            <span>{offer.title}</span>
            <code>{offer.offered.callee}</code>
          </li>
        ))}
        {found.length === 0 && <li className="quick-add-none">{t("editor.noneFound")}</li>}
      </ul>
    </dialog>
  );
}

/** As near to the place as the window allows. */
function place(element: HTMLDialogElement, at: { x: number; y: number }): void {
  const { width, height } = element.getBoundingClientRect();
  element.style.margin = "0";
  element.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
  element.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
}
