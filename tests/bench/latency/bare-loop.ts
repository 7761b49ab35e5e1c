// The benchmark's floor: reads a telegram from a tty and writes one request to a socket at once, without any logic: bare-loop.ts <tty> <port>
import { connect } from "node:net";
import { SerialPort } from "serialport";
import { COMMAND_FRAME, LAST_BYTE } from "./bare-telegram.ts";

const [path, port] = process.argv.slice(2);
if (path === undefined || port === undefined) throw new Error("usage: bare-loop.ts <tty> <port>");

const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
const tty = new SerialPort({ path, baudRate: 115_200 });
tty.on("data", (bytes: Buffer) => {
  if (bytes.includes(LAST_BYTE)) socket.write(COMMAND_FRAME);
});
socket.on("close", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
