// The OPC UA server of a simulated PLC: security, users, sessions that it can forget, and the nodes of its plan.
import { createServer } from "node:net";
import {
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type UAObject,
} from "node-opcua";
import type { PlcProgram } from "../plc/program.ts";
import { buildNodes } from "./address-space.ts";
import type { UaFaults, UaPlan } from "./plan.ts";

export interface UaServerOptions {
  plan: UaPlan;
  faults: UaFaults;
  program: () => PlcProgram;
  nowNs: () => number;
}

export class UaServer {
  readonly port: number;
  readonly #server: OPCUAServer;

  private constructor(server: OPCUAServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start({ plan, ...rest }: UaServerOptions): Promise<UaServer> {
    const port = await freePort();
    const certificates = new OPCUACertificateManager({
      rootFolder: plan.certificates,
      automaticallyAcceptUnknownCertificate: false,
      disableFileWatchers: true,
    });
    await certificates.initialize();
    const server = new OPCUAServer({
      host: "127.0.0.1",
      hostname: "127.0.0.1",
      port,
      serverCertificateManager: certificates,
      userCertificateManager: certificates,
      securityModes: [...(plan.isOpen ? [MessageSecurityMode.None] : []), MessageSecurityMode.SignAndEncrypt],
      securityPolicies: [...(plan.isOpen ? [SecurityPolicy.None] : []), SecurityPolicy.Basic256Sha256],
      allowAnonymous: plan.users.length === 0,
      userManager: {
        isValidUser: (name: string, password: string) =>
          plan.users.some((user) => user.name === name && user.password === password),
      },
      disableDiscovery: false,
      skipOwnNamespace: false,
      maxAllowedSessionNumber: 50,
      nodeset_filename: [nodesets.standard],
      serverInfo: { applicationUri: "urn:coline:simulated-plc", productUri: "urn:coline:simulated-plc" },
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    if (space === null) throw new Error("no address space");
    const namespace = space.registerNamespace(plan.namespace);
    const folder = namespace.addFolder(space.rootFolder.objects, { browseName: plan.plc.deviceId }) as UAObject;
    buildNodes({ plan, namespace, folder, ...rest });
    await server.start();
    return new UaServer(server, port);
  }

  get sessions(): { now: number; ever: number; subscriptions: number } {
    const { engine } = this.#server;
    return {
      now: engine.currentSessionCount,
      ever: engine.cumulatedSessionCount,
      subscriptions: engine.currentSubscriptionCount,
    };
  }

  dropSessions(withSubscriptions: boolean): void {
    const { engine } = this.#server;
    for (const session of engine.getSessions())
      engine.closeSession(session.authenticationToken, withSubscriptions, "Terminated");
  }

  dropSubscriptions(): void {
    for (const session of this.#server.engine.getSessions())
      for (const subscription of session.publishEngine.subscriptions) session.deleteSubscription(subscription.id);
  }
}

/** The library cannot take any free port; between this and its own listening another could. */
function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
