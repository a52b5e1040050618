"""A local gateway that speaks WeChat's protocol; `python -m wechat.simulator` serves it.

Production code knows of it by nothing but a base URL.
"""
