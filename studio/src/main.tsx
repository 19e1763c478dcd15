import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./style/tokens.css";
import "./style/page.css";
import "./ui/card.css";
import "./ui/field.css";

createRoot(document.getElementById("studio")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
