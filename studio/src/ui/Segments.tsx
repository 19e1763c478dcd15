import "./segments.css";

interface Properties<T extends string> {
  label: string;
  options: { value: T; label: string; disabled?: boolean; title?: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, all of which are seen. */
export function Segments<T extends string>({ label, options, chosen, onChoose }: Properties<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map(({ value, label, disabled, title }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          disabled={disabled}
          title={title}
          onClick={() => onChoose(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
