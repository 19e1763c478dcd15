import type { ButtonHTMLAttributes, ReactNode } from "react";
import "./button.css";

interface Properties extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: what a page is for, once a page. `bare`: an icon, or a quiet word. */
  look?: "main" | "plain" | "bare" | "danger";
  icon?: ReactNode;
  /** Something goes on that it began. */
  busy?: boolean;
}

/** A button. With an icon alone it needs an `aria-label`. */
export function Button({ look = "plain", icon, busy = false, children, className = "", ...rest }: Properties) {
  const classes = `button button-${look} ${children ? "" : "button-icon"} ${className}`;
  return (
    <button type="button" {...rest} className={classes} aria-busy={busy} title={rest.title ?? rest["aria-label"]}>
      {busy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}
