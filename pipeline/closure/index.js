(function () {
  "use strict";
  var texts = JSON.parse(document.getElementById("texts").textContent);
  var box = document.getElementById("query");
  var list = document.getElementById("found");
  var state = document.getElementById("state");

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  texts.forEach(function (one) {
    one.plain = plain(one.title + " " + one.period + " " + one.state + " " + one.words);
  });

  function add(parent, tag, text, look) {
    var node = document.createElement(tag);
    if (text) { node.textContent = text; }
    if (look) { node.className = look; }
    parent.appendChild(node);
    return node;
  }

  function around(one, word) {
    var at = plain(one.words).indexOf(word);
    if (at < 0) { return one.words.slice(0, 160); }
    var start = Math.max(0, at - 70);
    return (start ? "… " : "") + one.words.slice(start, at + word.length + 90) + " …";
  }

  function show(one, words) {
    var item = add(list, "li", "", "hit");
    var head = add(item, "p", "", "hit-head");
    add(head, "strong", one.title + (one.period ? " " + one.period : ""));
    if (one.state) { add(head, "span", " " + one.state, "quiet"); }
    one.links.forEach(function (link) {
      head.appendChild(document.createTextNode("  "));
      add(head, "a", link[0]).href = link[1];
    });
    add(item, "p", around(one, words[0]), "quiet");
  }

  function search() {
    var words = plain(box.value).split(/\s+/).filter(Boolean);
    list.textContent = "";
    if (!words.length) { state.textContent = ""; return; }
    var hits = texts.filter(function (one) {
      return words.every(function (word) { return one.plain.indexOf(word) >= 0; });
    });
    hits.forEach(function (one) { show(one, words); });
    state.textContent = hits.length + (hits.length === 1 ? " document holds " : " documents hold ") +
      (words.length === 1 ? "this word" : "these words");
  }

  function read() {
    var found = /^#q=(.*)$/.exec(location.hash);
    if (found) { box.value = decodeURIComponent(found[1].replace(/\+/g, " ")); search(); }
  }

  document.getElementById("search").hidden = false;
  box.addEventListener("input", search);
  window.addEventListener("hashchange", read);
  read();
}());
