import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { sizeOf } from "../../document";
import { useTexts } from "../../i18n";
import { TARGET, type CallShape } from "../shape";
import { Card } from "./Card";
import { summary } from "./summary";

/** A node that calls a component's function. */
export const CallNodeView = memo(function CallNodeView({ data }: NodeProps<CallShape>) {
  const { t } = useTexts();
  const { node, mayFail, readOnly } = data;
  const given = summary(node.with);
  return (
    <>
      <Handle type="target" position={Position.Top} id={TARGET} isConnectable={!readOnly} />
      <Card paint={data} callee={node.callee} width={sizeOf(node).width}>
        {given && <div className="card-given">{given}</div>}
      </Card>
      <Handle
        type="source"
        position={Position.Bottom}
        id="next"
        isConnectable={!readOnly}
        title={readOnly ? undefined : t("canvas.next")}
      />
      {mayFail && (
        <Handle
          type="source"
          position={Position.Right}
          id="error"
          className="handle-error"
          isConnectable={!readOnly}
          title={readOnly ? undefined : t("canvas.onError")}
        />
      )}
    </>
  );
});
