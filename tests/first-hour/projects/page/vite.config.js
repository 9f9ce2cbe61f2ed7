// As in production: pages and `/v0` have one origin, and a login sets the session's cookie.
const session = {
  name: "session",
  configureServer({ middlewares }) {
    middlewares.use("/login", (_request, response) => {
      response.setHeader("set-cookie", `__Host-session=${process.env.SESSION}; Secure; HttpOnly; SameSite=Strict; Path=/`);
      response.statusCode = 204;
      response.end();
    });
  },
};

export default {
  plugins: [session],
  // The proxy sees the page's own host, as behind a router in production: the two have one origin.
  server: { proxy: { "/v0": { target: process.env.PROXY, changeOrigin: false } } },
};
