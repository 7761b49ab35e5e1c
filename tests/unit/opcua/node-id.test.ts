// How a node is named in a site, and what it is called on a connection.
import { describe, expect, test } from "vitest";
import { nodeIdSchema, resolved } from "../../../drivers/opcua/node-id.ts";

describe("a node", () => {
  test("is named by number, text, GUID or bytes, in a namespace by index or by URI", () => {
    for (const text of [
      "i=2258",
      "ns=2;s=Line.Eye 1",
      "ns=4;g=09087e75-8e5e-499b-954f-f2a9603db28a",
      "ns=1;b=M/RbKBsRVkePCePcx24oRA==",
      "nsu=http://vendor.example/plc;i=1001",
    ])
      expect(nodeIdSchema.safeParse(text).success, text).toBe(true);
  });

  test("that is none is refused", () => {
    for (const text of ["", "Line.Eye1", "ns=x;s=a", "ns=2;q=1", "ns=2;i=abc", "nsu=;s=a", "s="])
      expect(nodeIdSchema.safeParse(text).success, text).toBe(false);
  });

  test("named by its namespace's URI follows it to wherever the server has it now", () => {
    const uri = "http://vendor.example/plc";
    expect(resolved(`nsu=${uri};s=a;b=c`, ["http://opcfoundation.org/UA/", "urn:x", uri])).toBe("ns=2;s=a;b=c");
    expect(resolved(`nsu=${uri};s=a`, ["http://opcfoundation.org/UA/", uri])).toBe("ns=1;s=a");
    expect(resolved(`nsu=${uri};s=a`, ["http://opcfoundation.org/UA/"])).toBeNull();
    expect(resolved("ns=7;i=1", [])).toBe("ns=7;i=1");
    expect(resolved("i=1", [])).toBe("ns=0;i=1");
  });
});
