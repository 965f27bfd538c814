"""The wheel of the tool: every package of the checkout under one private root, and an entry point beside it.

Generic names such as `reports` must never reach site-packages: they would overwrite a package of the user's.
"""

from setuptools import find_packages, setup

TOOL = "ultravox_conformance"
PRIVATE = f"{TOOL}._private"
ROOTS = ("conformance", "emulator", "openapi", "reports", "strategies")

setup(
    packages=[TOOL, *(f"{PRIVATE}.{name}" for name in find_packages(include=[f"{root}*" for root in ROOTS]))],
    package_dir={TOOL: f"tool/{TOOL}"} | {f"{PRIVATE}.{root}": root for root in ROOTS},
    package_data={"": ["**/*.*"]},
    exclude_package_data={"": ["**/*.pyc"]},
    include_package_data=False,
)
