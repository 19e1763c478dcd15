import { Handle, Position, type NodeProps } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import { sizeOf } from "../../document";
import { useTexts } from "../../i18n";
import { NEW_BRANCH, TARGET, handleOf, type GatewayShape } from "../shape";
import { Card } from "./Card";

/** A node that chooses among branches, each of which can be pulled to where it leads. */
export const GatewayNodeView = memo(function GatewayNodeView({ data }: NodeProps<GatewayShape>) {
  const { t } = useTexts();
  const { node, readOnly } = data;
  return (
    <>
      <Handle type="target" position={Position.Top} id={TARGET} isConnectable={!readOnly} />
      <Card paint={data} callee={node.callee} width={sizeOf(node).width}>
        <ul className="branches" aria-label={t("canvas.branches")}>
          {node.branches.map((branch, index) => (
            <li key={index}>
              <span>{branch.name ?? branch.next ?? t("canvas.branch", { number: index + 1 })}</span>
              <code>{branch.if ?? t("canvas.otherwise")}</code>
              <Handle
                type="source"
                position={Position.Bottom}
                id={handleOf({ kind: "branch", index })}
                isConnectable={!readOnly}
              />
            </li>
          ))}
          {!readOnly && (
            <li className="branch-new" title={t("canvas.newBranch")}>
              <Plus aria-hidden="true" />
              <Handle type="source" position={Position.Bottom} id={NEW_BRANCH} />
            </li>
          )}
        </ul>
      </Card>
    </>
  );
});
