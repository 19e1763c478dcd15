// The interfaces of the project, as they are now.

import { $ } from "../dom.js";
import { all, watch } from "../flows.js";
import { answers, frame } from "../shell.js";
import { card, empty } from "./card.js";

frame("listTitle");

watch(all, {
  changed({ project, flows }) {
    answers(true);
    $("project").textContent = project;
    $("flows").replaceChildren(...(flows.length ? flows.map(card) : [empty()]));
  },
  failed: () => answers(false),
});
