"""`python -m wechat.simulator --port 8001`"""

import argparse

from wechat.simulator.server import make_server


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="wechat.simulator")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    server = make_server(options.host, options.port)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
