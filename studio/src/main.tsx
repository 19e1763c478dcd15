import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./style/tokens.css";

createRoot(document.getElementById("studio")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
