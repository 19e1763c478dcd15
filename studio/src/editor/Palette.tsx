import { Search } from "lucide-react";
import { useState, type DragEvent } from "react";
import type { Component } from "../api/types";
import { DRAGGED } from "../canvas/Canvas";
import { hue } from "../canvas/nodes/hue";
import { useTexts } from "../i18n";
import { ComponentIcon } from "../ui/icon";
import type { Offered } from "./gestures";
import { offers, type Offer } from "./palette";
import "./palette.css";

interface Properties {
  components: Component[];
  onAdd: (offered: Offered) => void;
}

/** What can be added, by drag or by a press. */
export function Palette({ components, onAdd }: Properties) {
  const { t } = useTexts();
  const [search, setSearch] = useState("");
  const groups = offers(components, search);
  return (
    <aside className="palette" aria-label={t("editor.palette")}>
      <div className="palette-search">
        <Search aria-hidden="true" />
        <input
          className="input"
          type="search"
          aria-label={t("editor.search")}
          placeholder={t("editor.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="palette-list">
        {groups.map(({ group, offers }) => (
          <section key={group}>
            <h2>{group || t("editor.ungrouped")}</h2>
            <ul>
              {offers.map((offer) => (
                <li key={offer.offered.kind + offer.offered.callee}>
                  <OfferButton offer={offer} group={group} onAdd={onAdd} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && (
          <p className="palette-none">{components.length === 0 ? t("app.loading") : t("editor.noneFound")}</p>
        )}
      </div>
      <p className="palette-help">{t("editor.paletteHelp")}</p>
    </aside>
  );
}

function OfferButton({ offer, group, onAdd }: { offer: Offer; group: string; onAdd: Properties["onAdd"] }) {
  const { offered, title, docs, icon } = offer;
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(DRAGGED, JSON.stringify(offered));
    event.dataTransfer.effectAllowed = "copy";
  };
  return (
    <button
      type="button"
      className={`offer hue-${hue(group)}`}
      draggable
      onDragStart={drag}
      onClick={() => onAdd(offered)}
      title={docs}
    >
      <span className="card-icon">
        <ComponentIcon name={icon} />
      </span>
      <span className="card-names">
        <span className="card-title">{title}</span>
        <span className="card-callee">{offered.callee}</span>
      </span>
    </button>
  );
}
