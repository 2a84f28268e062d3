document.title = "Voices · Iskra";
