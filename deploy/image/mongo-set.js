// Makes the database's members (MEMBERS, host:port by commas) one replica set, unless they are, and waits for a primary.
// Run by mongosh at every start of the stack; ends with 1 when there is no primary within two minutes.
const members = process.env.MEMBERS.split(",").map((host, place) => ({ _id: place, host }));

function status() {
  try {
    return rs.status();
  } catch (error) {
    if (error.codeName !== "NotYetInitialized") throw error;
    rs.initiate({ _id: "motcua", members });
    return rs.status();
  }
}

let primary;
for (let second = 0; second < 120 && !primary; second += 1) {
  try {
    primary = status().members.find((member) => member.stateStr === "PRIMARY");
  } catch (error) {
    print(`again: ${error.message}`);
  }
  if (!primary) sleep(1000);
}
print(primary ? `primary: ${primary.name}` : "no primary: is a majority of the members running?");
quit(primary ? 0 : 1);
