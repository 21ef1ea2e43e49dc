"""The two operations of contract.yaml as one would write them by hand: Starlette, asyncpg, and the same validation of
tokens, requests and answers as a generated service does. It listens on PORT; its arguments are the database, the key and
the contract's schemas."""

import json
import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import jwt
import uvicorn
from jsonschema_rs import Draft202012Validator, Registry
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DATABASE, KEY, SCHEMAS = sys.argv[1:]
REGISTRY = Registry([("urn:schemas", json.loads(Path(SCHEMAS).read_bytes()))])


def validator(name):
    schema = {"$ref": f"urn:schemas#/$defs/{name}"}
    return Draft202012Validator(schema, registry=REGISTRY, validate_formats=True)


NEW_ORDER, ORDER = validator("NewOrder"), validator("Order")


def problem(status, detail):
    content = {"type": "about:blank", "status": status, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")


def is_known(request):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        jwt.decode(token, KEY, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return False
    return scheme.lower() == "bearer"


def answer(order, status):
    if not ORDER.is_valid(order):
        return problem(500, "The answer breaks the contract.")
    text = json.dumps(order, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


async def create(request):
    if not is_known(request):
        return problem(401, "A token is required.")
    try:
        body = json.loads(await request.body())
    except ValueError:
        return problem(422, "The body is not JSON.")
    if not NEW_ORDER.is_valid(body):
        return problem(422, "The body is not valid.")
    order = {
        "id": str(uuid4()),
        **body,
        "status": "pending",
        "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    await request.app.state.pool.execute(
        "INSERT INTO orders (id, document) VALUES ($1, $2)", order["id"], json.dumps(order)
    )
    return answer(order, 201)


async def read(request):
    if not is_known(request):
        return problem(401, "A token is required.")
    try:
        key = str(UUID(request.path_params["order_id"]))
    except ValueError:
        return problem(422, "The order's id is no UUID.")
    document = await request.app.state.pool.fetchval(
        "SELECT document FROM orders WHERE id = $1", key
    )
    if document is None:
        return problem(404, "There is no such order.")
    return answer(json.loads(document), 200)


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(DATABASE, min_size=8, max_size=8) as pool:
        await pool.execute(
            "CREATE TABLE orders (position BIGSERIAL PRIMARY KEY, id TEXT NOT NULL UNIQUE, document JSONB NOT NULL)"
        )
        app.state.pool = pool
        yield


ROUTES = [
    Route("/api/v1/orders", create, methods=["POST"]),
    Route("/api/v1/orders/{order_id}", read, methods=["GET"]),
    Route("/ready", lambda _: Response(), methods=["GET"]),
]
uvicorn.run(
    Starlette(routes=ROUTES, lifespan=lifespan),
    host="127.0.0.1",
    port=int(os.environ["PORT"]),
    access_log=False,
    log_config=None,
)
