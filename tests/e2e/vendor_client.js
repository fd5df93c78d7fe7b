// What test_vendor_client.py calls in the page, after jQuery and Microsoft's client were added.
const told = [];
let connection, hub;

const STREAMS = ["liveEvents", "doorEvents", "doorStatusEvents"];

async function start(token, transport) {
  connection = $.hubConnection("/signalr", { useDefaultPath: false, qs: { token } });
  hub = connection.createHubProxy("eventHubLocal");
  for (const stream of STREAMS) {
    hub.on(stream, (events) => told.push(...events.map((event) => ({ stream, ...event }))));
  }
  connection.reconnecting(() => told.push({ stream: "reconnecting" }));
  connection.reconnected(() => told.push({ stream: "reconnected" }));
  await connection.start({ transport });
  return connection.transport.name;
}

async function subscribe(door) {
  await hub.invoke("subscribeToLiveEvents");
  await hub.invoke("subscribeToDoorEvents", String(door));
  await hub.invoke("subscribeToDoorStatusEvents", String(door));
}

async function failure(method) {
  try {
    await hub.invoke(method);
  } catch (error) {
    return error.message;
  }
}
