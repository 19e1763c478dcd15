import { Handle, Position, type NodeProps } from "@xyflow/react";
import { Radio } from "lucide-react";
import { memo } from "react";
import { useTexts } from "../../i18n";
import { START, type EntryShape } from "../shape";

/** The interface: where runs come in, with what they are given. */
export const EntryNodeView = memo(function EntryNodeView({ data }: NodeProps<EntryShape>) {
  const { t } = useTexts();
  const { parameters, framing, readOnly } = data;
  const given = framing === "raw" ? t("canvas.everyMessage") : parameters.map(({ name }) => name).join(", ");
  return (
    <div className="entry">
      <Radio aria-hidden="true" />
      <span className="card-names">
        <span className="card-title">{t("canvas.interface")}</span>
        <span className="card-callee">{given || t("canvas.noInput")}</span>
      </span>
      <Handle type="source" position={Position.Bottom} id={START} isConnectable={!readOnly} />
    </div>
  );
});
