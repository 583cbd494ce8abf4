// The contract, read from the .proto files when the program starts: no generated code, nothing of the hub's.

import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTOS = fileURLToPath(new URL("../../protos", import.meta.url));

// Names as the .proto files have them. 64-bit numbers come as text, since a JavaScript number holds only 53 bits of an
// ask's number, and one that is rounded answers somebody else's question.
const definition = protoLoader.loadSync("sharing/v1/links.proto", {
  includeDirs: [PROTOS],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const connect = definition["sharing.v1.LinkService"].Connect;

// Messages are serialised before they wait to be sent, so that their size is known.
export const serialized = connect.requestSerialize;

export const LinkClient = grpc.makeGenericClientConstructor(
  { Connect: { ...connect, requestSerialize: (bytes) => bytes } },
  "LinkService",
);

export const CONTRACT = 1;
export const MOST_ROWS = 500;
export const LONGEST_CELL = 2_000;
export const LARGEST_REPLY = 256 * 1024;
export const MOST_ENTRIES = 500;
export const LONGEST_SPAN = 10_000;

export const Status = Object.freeze({
  ANSWERED: "REPLY_STATUS_ANSWERED",
  WITHHELD: "REPLY_STATUS_WITHHELD",
  REFUSED: "REPLY_STATUS_REFUSED",
  UNABLE: "REPLY_STATUS_UNABLE",
  SOURCE_DOWN: "REPLY_STATUS_SOURCE_DOWN",
});
