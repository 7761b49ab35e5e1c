// How a node of an OPC UA server is named in the configuration, and what its name is on a given connection.
import { z } from "zod";

/** Number or URI of the namespace (left out: 0), then the identifier: integer, string, GUID or bytes (OPC 10000-6, 5.3.1.10). */
const NODE_ID =
  /^(?:ns=(\d{1,5});|nsu=([^;]+);)?(i=\d{1,10}|s=.+|g=[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|b=[A-Za-z0-9+/]+={0,2})$/s;

export const nodeIdSchema = z
  .string()
  .max(4096)
  .regex(NODE_ID, 'a node, such as "ns=2;s=Line.Eye1" or "nsu=http://vendor.example/plc;i=1001"');

/**
 * The node as the server of this connection numbers its namespaces: a URI becomes its place in the server's list, which
 * may be another after each start of the server.
 * @param namespaces the server's NamespaceArray
 * @returns null: the server does not have the namespace, or the text is no node
 */
export function resolved(node: string, namespaces: readonly string[]): string | null {
  const match = NODE_ID.exec(node);
  if (match === null) return null;
  const [, index, uri, identifier] = match;
  if (uri === undefined) return `ns=${index ?? "0"};${identifier}`;
  const at = namespaces.indexOf(uri);
  return at < 0 ? null : `ns=${at};${identifier}`;
}
