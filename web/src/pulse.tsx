document.title = "Pulse · Iskra";
