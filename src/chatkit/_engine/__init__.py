"""What happens between a request's bytes and an answer's bytes. Not public: use `chatkit.server`."""
