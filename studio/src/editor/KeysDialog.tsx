import { useTexts, type Key } from "../i18n";
import { Dialog } from "../ui/Dialog";
import { KEYS, type Shortcut } from "./shortcuts";

/** The keys of the editor, and what they do. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const own = (Object.keys(KEYS) as Shortcut[]).map((it): [string, Key] => [KEYS[it], `editor.key.${it}`]);
  const others: [string, Key][] = [
    ["Tab", "editor.key.walk"],
    ["↑ ↓ ← →", "editor.key.move"],
    ["Delete", "editor.key.remove"],
    ["Ctrl C · X · V", "editor.key.copy"],
  ];
  return (
    <Dialog title={t("editor.keysTitle")} onClose={onClose}>
      <dl className="keys">
        {[...own, ...others].map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
