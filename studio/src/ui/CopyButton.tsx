import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTexts } from "../i18n";
import { Button } from "./Button";

/** Puts a text into the clipboard. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Button look="bare" icon={copied ? <Check /> : <Copy />} onClick={() => void copy()} aria-label={label}>
      {label ? undefined : t(copied ? "app.copied" : "app.copy")}
    </Button>
  );
}
