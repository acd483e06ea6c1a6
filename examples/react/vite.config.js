export default {
  base: "./",
  oxc: { jsx: { runtime: "automatic" } },
  server: { proxy: { "/chatkit": "http://127.0.0.1:8000" } },
};
