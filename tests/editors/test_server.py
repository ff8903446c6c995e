"""The built server, over standard input and output, by a client that is not ours: pytest-lsp."""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CHATFLOW = os.environ["CHATFLOW"]

TWO = {
    "chatflow.toml": "",
    "shop.flow": 'flow shop "Shop"\n\nuse details\n\nstep start {\n  do details.collect\n  -> thnaks\n}\n\nstep thanks {\n  say "Thanks."\n}\n',
    "details.flow": 'module details "Details"\n\nstep collect {\n  ask name: text "Name?"\n}\n',
    "other.flow": 'flow other "Other"\n\nstep start {\n  say 5\n}\n',
}


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[CHATFLOW, "lsp"]), params=["neovim", "visual_studio_code", "emacs"])
async def client(lsp_client: LanguageClient, request, tmp_path):
    for name, text in TWO.items():
        (tmp_path / name).write_text(text)
    lsp_client.folder = tmp_path
    try:
        capabilities = pytest_lsp.client_capabilities(request.param)
    except ValueError:
        pytest.skip(f"pytest-lsp has no {request.param}")
    # What is pulled is not pushed; here, all is. pygls does not take registrations.
    if capabilities.text_document:
        capabilities.text_document.diagnostic = None
    if capabilities.workspace and capabilities.workspace.did_change_watched_files:
        capabilities.workspace.did_change_watched_files.dynamic_registration = False
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            root_uri=tmp_path.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="p")],
        )
    )
    yield
    await lsp_client.shutdown_session()


def uri(client, name):
    return (client.folder / name).as_uri()


def opened(client, name):
    text = (client.folder / name).read_text()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            text_document=types.TextDocumentItem(uri=uri(client, name), language_id="flow", version=1, text=text)
        )
    )
    return text


def place(text, word, into=0):
    at = text.index(word) + into
    before = text[:at]
    return types.Position(line=before.count("\n"), character=len(before.rsplit("\n", 1)[-1]))


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


def codes(client, name):
    return [found.code for found in client.diagnostics.get(uri(client, name), [])]


@pytest.mark.asyncio
async def test_findings_of_files_that_are_not_open(client):
    opened(client, "shop.flow")
    await until(lambda: "E0201" in codes(client, "shop.flow") and codes(client, "other.flow"))


@pytest.mark.asyncio
async def test_a_change_mends(client):
    text = opened(client, "shop.flow")
    await until(lambda: "E0201" in codes(client, "shop.flow"))
    start = place(text, "thnaks")
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri(client, "shop.flow"), version=2),
            content_changes=[
                types.TextDocumentContentChangePartial(
                    range=types.Range(start=start, end=types.Position(start.line, start.character + 6)), text="thanks"
                )
            ],
        )
    )
    await until(lambda: not codes(client, "shop.flow"))


@pytest.mark.asyncio
async def test_a_code_action_mends(client):
    text = opened(client, "shop.flow")
    at = place(text, "thnaks", 2)
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri(client, "shop.flow")),
            range=types.Range(at, at),
            context=types.CodeActionContext(diagnostics=[]),
        )
    )
    mends = [action for action in actions if action.title == "write `thanks`"]
    edits = mends[0].edit.changes[uri(client, "shop.flow")]
    assert [edit.new_text for edit in edits] == ["thanks"]


@pytest.mark.asyncio
async def test_completion_inserts(client):
    text = opened(client, "shop.flow")
    found = await client.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(uri(client, "shop.flow")), place(text, "thnaks"))
    )
    thanks = [item for item in found if item.label == "thanks"]
    assert thanks[0].text_edit.new_text == "thanks"


@pytest.mark.asyncio
async def test_a_rename_edits_two_files(client):
    text = opened(client, "shop.flow")
    edit = await client.text_document_rename_async(
        types.RenameParams(
            text_document=types.TextDocumentIdentifier(uri(client, "shop.flow")),
            position=place(text, "collect", 3),
            new_name="gather",
        )
    )
    assert set(edit.changes) == {uri(client, "shop.flow"), uri(client, "details.flow")}
