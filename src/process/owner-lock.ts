// Decides that one controller alone works on a journal, and one gateway on a store; the second one is refused by name.
import { createConnection, createServer, type Server } from "node:net";
import { folderSocket } from "./folder-socket.ts";

/** The controller owns the journal's folder, the gateway the data folder with the stores it writes. */
export type OwnerRole = "controller" | "gateway";

export interface OwnerLock {
  /** Gives the folder free; ending the process does the same. */
  release(): Promise<void>;
}

/** Another process of this role works on the folder. */
export class FolderInUse extends Error {
  readonly code: "JOURNAL_IN_USE" | "RELEASE_STORE_IN_USE";
  readonly folder: string;
  readonly ownerPid: number | null;

  constructor(role: OwnerRole, folder: string, ownerPid: number | null) {
    const code = role === "controller" ? "JOURNAL_IN_USE" : "RELEASE_STORE_IN_USE";
    const owner = ownerPid === null ? "another process" : `the process ${ownerPid}`;
    super(
      `${code}: ${owner} is already the ${role} of ${folder}. Stop it first ` +
        `(systemctl stop coline-${role}@…, or kill -TERM ${ownerPid ?? "its pid"}), or use another dataFolder.`,
    );
    this.name = "FolderInUse";
    this.code = code;
    this.folder = folder;
    this.ownerPid = ownerPid;
  }
}

/**
 * Node has no flock; listening on an abstract socket is a lock that dies with its process, however it dies. Abstract
 * names are per network namespace: two containers that share the folder but not the network do not see each other.
 * @throws FolderInUse when the folder has an owner of this role
 */
export async function ownerLock(role: OwnerRole, folder: string): Promise<OwnerLock> {
  const name = folderSocket(role, folder);
  const server = createServer((asker) => {
    asker.on("error", () => asker.destroy());
    asker.end(`${process.pid}\n`);
  });
  server.maxConnections = 4;
  server.unref();
  try {
    await listen(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new FolderInUse(role, folder, await askPid(name));
  }
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** A frozen owner does not answer, and is the owner all the same: null then. */
function askPid(path: string): Promise<number | null> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = createConnection({ path });
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const pid = Number(answer.trim());
      resolve(Number.isInteger(pid) && pid > 0 ? pid : null);
    };
    const timer = setTimeout(finish, 500);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      answer = (answer + text).slice(0, 32);
    });
    socket.on("end", finish);
    socket.on("error", finish);
  });
}
