document.title = "Seams · Iskra";
