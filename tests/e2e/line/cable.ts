// A cable that can be pulled: a network namespace of the test's own, and a virtual pair of interfaces between it and here.
import { type ExecFileSyncOptions, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";

export interface Cable {
  /** Path of the namespace at the far end. */
  network: string;
  /** Address at the far end; nothing but this machine reaches it. */
  host: string;
  /** The far end loses its link: what was sent is lost or kept by the kernel, which sends it again later. */
  pull(): void;
  plug(): void;
}

/** What is missing to lay a cable, in words; null: nothing. */
export function whyNoCable(): string | null {
  try {
    execFileSync("unshare", ["-n", "ip", "link", "add", "coline0", "type", "veth", "peer", "name", "coline1"], QUIET);
    return null;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
    return code === "ENOENT" ? "unshare or ip is not installed" : String(stderr ?? error).trim();
  }
}

/** Gone with the test: the pair goes with its namespace, and that with the last process in it. */
export function layCable(): Cable {
  const holder = spawn("unshare", ["-n", "sleep", "infinity"], { stdio: "ignore" });
  const { pid } = holder;
  if (pid === undefined) throw new Error("unshare is not installed");
  onTestFinished(() => void holder.kill("SIGKILL"));
  const network = `/proc/${pid}/ns/net`;
  const there = (...command: string[]): void =>
    void execFileSync("nsenter", [`--net=${network}`, "--", "ip", ...command], QUIET);
  const here = (...command: string[]): void => void execFileSync("ip", command, QUIET);
  waitForNamespace(pid);
  // 198.18.0.0/15 is for tests of network devices (RFC 2544) and routed nowhere; one /30 a process.
  const net = 4 * (process.pid % 16_384);
  const address = (host: number): string => `198.18.${(net + host) >> 8}.${(net + host) & 255}`;
  const [near, far] = [`coln${process.pid}`, `colf${process.pid}`];
  here("link", "add", near, "type", "veth", "peer", "name", far, "netns", String(pid));
  here("address", "add", `${address(1)}/30`, "dev", near);
  here("link", "set", near, "up");
  there("address", "add", `${address(2)}/30`, "dev", far);
  there("link", "set", far, "up");
  there("link", "set", "lo", "up");
  return {
    network,
    host: address(2),
    pull: () => there("link", "set", far, "down"),
    plug: () => there("link", "set", far, "up"),
  };
}

const QUIET: ExecFileSyncOptions = { stdio: ["ignore", "ignore", "pipe"] };
const NAMESPACE_WITHIN_MS = 5000;

/** unshare has left this namespace when it becomes sleep. */
function waitForNamespace(pid: number): void {
  const byMs = performance.now() + NAMESPACE_WITHIN_MS;
  const program = (): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  while (program() !== "sleep") {
    if (performance.now() > byMs) throw new Error("unshare -n did not come to its end");
  }
}
