// Gives every posted message to every viewer through socket.io, over WebSockets alone and with its defaults.

import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  io.emit("sample", JSON.parse(body));
  response.end("{}");
});
const io = new Server(http, { transports: ["websocket"], serveClient: false });
http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`));
