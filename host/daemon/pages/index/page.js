// The interfaces of the project, as they are now.

import { $, h } from "../dom.js";
import { all, watch } from "../flows.js";
import { t } from "../i18n/i18n.js";
import { files } from "../problems.js";
import { answers, frame } from "../shell.js";
import { card, empty } from "./card.js";

frame("listTitle");

watch(all, {
  changed({ project, flows, unusable }) {
    answers(true);
    $("project").textContent = project;
    $("unusable").replaceChildren(...(unusable.length ? [h("h2", {}, t("unusable")), files(unusable)] : []));
    $("flows").replaceChildren(...(flows.length ? flows.map(card) : [empty()]));
  },
  failed: () => answers(false),
});
