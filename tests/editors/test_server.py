"""The built server, over standard input and output, by a client that is not ours: pytest-lsp."""

import ast
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
    for what in ["semanticTokens", "inlayHint", "codeLens"]:
        lsp_client.feature(f"workspace/{what}/refresh")(lambda params: None)
    try:
        capabilities = pytest_lsp.client_capabilities(request.param)
    except ValueError:
        pytest.skip(f"pytest-lsp has no {request.param}")
    # What is pulled is not pushed; here, all is. pygls does not take registrations.
    if capabilities.text_document:
        capabilities.text_document.diagnostic = None
    if capabilities.workspace and capabilities.workspace.did_change_watched_files:
        capabilities.workspace.did_change_watched_files.dynamic_registration = False
    lsp_client.capabilities = capabilities
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


def edited(text, edits):
    """The text after edits whose columns are those of ASCII."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = edit.range.start, edit.range.end
        lines += [""] * (end.line + 1 - len(lines))
        joined = lines[start.line][: start.character] + edit.new_text + lines[end.line][end.character :]
        lines[start.line : end.line + 1] = joined.split("\n")
    return "\n".join(lines)


def changed(client, name, version, text):
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri(client, name), version=version),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
        )
    )


def written(client, name, text):
    """Something else than the editor writes a file."""
    path = client.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(changes=[types.FileEvent(uri=uri(client, name), type=types.FileChangeType.Changed)])
    )


OPTIONS = types.FormattingOptions(tab_size=2, insert_spaces=True)


@pytest.mark.asyncio
async def test_formatting_is_that_of_the_command(client):
    text = 'flow shop "Shop"\n\nstep start {\nsay   "a"\n     end\n}\n'
    opened(client, "shop.flow")
    changed(client, "shop.flow", 2, text)
    document = types.TextDocumentIdentifier(uri(client, "shop.flow"))
    edits = await client.text_document_formatting_async(types.DocumentFormattingParams(document, OPTIONS))
    assert edited(text, edits) == 'flow shop "Shop"\n\nstep start {\n  say "a"\n  end\n}\n'
    part = types.Range(place(text, "end"), place(text, "end"))
    edits = await client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(document, part, OPTIONS)
    )
    assert edited(text, edits) == 'flow shop "Shop"\n\nstep start {\n  say "a"\n  end\n}\n'
    typed = text.replace("     end", "")
    changed(client, "shop.flow", 3, typed)
    edits = await client.text_document_on_type_formatting_async(
        types.DocumentOnTypeFormattingParams(document, types.Position(4, 0), "\n", OPTIONS)
    )
    assert edited(typed, edits) == 'flow shop "Shop"\n\nstep start {\n  say "a"\n  \n}\n'


@pytest.mark.asyncio
async def test_what_changes_on_disk_counts(client):
    opened(client, "shop.flow")
    await until(lambda: codes(client, "other.flow"))
    written(client, "other.flow", 'flow other "Other"\n\nstep start {\n  say "5"\n}\n')
    await until(lambda: not codes(client, "other.flow"))
    written(client, "new.flow", 'flow new "New"\n\nstep start {\n  say 5\n}\n')
    await until(lambda: codes(client, "new.flow"))
    (client.folder / "new.flow").unlink()
    written(client, "other.flow", "flow")
    await until(lambda: not codes(client, "new.flow") and codes(client, "other.flow"))


@pytest.mark.asyncio
async def test_what_is_wrong_with_the_project_is_shown_there(client):
    opened(client, "shop.flow")
    written(client, "chatflow.toml", '[project]\nnmae = "Shop"\n')
    await until(lambda: client.diagnostics.get(uri(client, "chatflow.toml")))
    found = client.diagnostics[uri(client, "chatflow.toml")][0]
    assert "`name`" in found.message and found.range.start == types.Position(1, 0)
    written(client, "chatflow.toml", '[project]\nname = "Shop"\n')
    await until(lambda: not client.diagnostics[uri(client, "chatflow.toml")])
    written(client, "env/production.toml", "[teem]\n")
    await until(lambda: client.diagnostics.get(uri(client, "env/production.toml")))


@pytest.mark.asyncio
async def test_folders_come_and_go(client, tmp_path_factory):
    opened(client, "shop.flow")
    other = tmp_path_factory.mktemp("second")
    (other / "second.flow").write_text('flow second "Second"\n\nstep start {\n  say 5\n}\n')
    folder = types.WorkspaceFolder(uri=other.as_uri(), name="second")
    event = types.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    second = (other / "second.flow").as_uri()
    await until(lambda: client.diagnostics.get(second))
    event = types.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    await until(lambda: not client.diagnostics.get(second))


@pytest.mark.asyncio
async def test_findings_are_pulled(client):
    opened(client, "shop.flow")

    async def pull(name, before=None):
        document = types.TextDocumentIdentifier(uri(client, name))
        return await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document, previous_result_id=before)
        )

    first = await pull("shop.flow")
    assert [found.code for found in first.items] == ["E0201"]
    again = await pull("shop.flow", first.result_id)
    assert again.kind == "unchanged"
    assert (await pull("other.flow")).items
    all_files = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous_result_ids=[]))
    found = {report.uri: report.items for report in all_files.items}
    assert found[uri(client, "shop.flow")] and found[uri(client, "other.flow")] and not found[uri(client, "details.flow")]


@pytest.mark.asyncio
async def test_a_renamed_file_keeps_its_users(client):
    opened(client, "shop.flow")
    renamed = types.FileRename(old_uri=uri(client, "details.flow"), new_uri=uri(client, "contact.flow"))
    edit = await client.workspace_will_rename_files_async(types.RenameFilesParams(files=[renamed]))
    assert [change.new_text for change in edit.changes[uri(client, "shop.flow")]] == ["contact"]
    # Catalogues go with their file, where the editor can rename files.
    await spoken(client)
    renamed = types.FileRename(old_uri=uri(client, "spoken.flow"), new_uri=uri(client, "said.flow"))
    edit = await client.workspace_will_rename_files_async(types.RenameFilesParams(files=[renamed]))
    of = client.capabilities.workspace and client.capabilities.workspace.workspace_edit
    if of and of.document_changes and "rename" in (of.resource_operations or []):
        moved = [(change.old_uri, change.new_uri) for change in edit.document_changes]
        assert moved == [(uri(client, "spoken.nl.po"), uri(client, "said.nl.po"))]
    else:
        assert not edit.changes


@pytest.mark.asyncio
async def test_a_file_alone_is_checked(client, tmp_path_factory):
    alone = tmp_path_factory.mktemp("alone") / "alone.flow"
    for address in [alone.as_uri(), "untitled:Untitled-1"]:
        document = types.TextDocumentItem(uri=address, language_id="flow", version=1, text='flow a "A"\n\nstep start {\n  say 5\n}\n')
        client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
        await until(lambda: client.diagnostics.get(address))


SPOKEN = {
    "chatflow.toml": "",
    "crm.flow": 'workspace crm "CRM"\n\nuser ada "Ada" {\n  seat sales\n}\n\nteam sales "Sales" {\n  members [ada]\n}\n',
    "env/production.toml": '[team]\nsales = "178588"\n',
    "spoken.nl.po": 'msgctxt "start / ask who"\nmsgid "Who?"\nmsgstr "Wie?"\n\nmsgctxt "start / say"\nmsgid "Hi {who}."\nmsgstr "Dag {who}."\n',
    "spoken.flow": 'flow spoken "Spoken"\n\nuse crm\n\nlanguages en, nl\n\nstep start {\n  ask who: text "Who?"\n  say "Hi {who}."\n'
    "  hand off to team sales {\n    unavailable -> bye\n  }\n}\n\nstep bye {\n  say \"Bye.\"\n}\n\n"
    'test "good" {\n  bot "Who?"\n  visitor "Ada"\n  bot "Hi Ada."\n}\n\ntest "bad" {\n  bot "What?"\n}\n',
}


async def spoken(client):
    for name, text in SPOKEN.items():
        written(client, name, text)
    return opened(client, "spoken.flow")


async def renamed(client, text, word, new):
    document = types.TextDocumentIdentifier(uri(client, "spoken.flow"))
    edit = await client.text_document_rename_async(types.RenameParams(document, place(text, word), new))
    return {name: edited(SPOKEN[name], edit.changes[uri(client, name)]) for name in SPOKEN if uri(client, name) in edit.changes}


@pytest.mark.asyncio
async def test_a_rename_reaches_catalogues_and_environments(client):
    text = await spoken(client)
    after = await renamed(client, text, "who:", "caller")
    assert 'msgctxt "start / ask caller"' in after["spoken.nl.po"]
    assert 'msgid "Hi {caller}."\nmsgstr "Dag {caller}."' in after["spoken.nl.po"]
    after = await renamed(client, text, "sales {", "europe")
    assert after["env/production.toml"] == '[team]\neurope = "178588"\n'
    assert set(after) == {"spoken.flow", "crm.flow", "env/production.toml"}


@pytest.mark.asyncio
async def test_the_lens_runs_tests(client):
    text = await spoken(client)
    document = types.TextDocumentIdentifier(uri(client, "spoken.flow"))
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(document))
    commands = [lens.command for lens in lenses if lens.command.title == "run all tests"]
    result = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=commands[0].command, arguments=commands[0].arguments)
    )
    assert [(test["name"], test["passed"]) for test in result["tests"]] == [("good", True), ("bad", False)]
    await until(lambda: any("1 of 2 tests failed: bad" in message.message for message in client.messages))
    await until(lambda: any(found.source == "chatflow test" for found in client.diagnostics[uri(client, "spoken.flow")]))
    failed = [found for found in client.diagnostics[uri(client, "spoken.flow")] if found.source == "chatflow test"]
    assert failed[0].range.start.line == place(text, 'bot "What?"').line and "+ Who?" in failed[0].message
    # What failed in another text is nobody's business any more.
    changed(client, "spoken.flow", 2, text + "\n")
    await until(lambda: all(found.source == "chatflow" for found in client.diagnostics[uri(client, "spoken.flow")]))


@pytest.mark.asyncio
async def test_a_test_is_added_that_talks_to_the_cursor(client):
    asked = []

    @client.feature("workspace/applyEdit")
    def apply(params):
        asked.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    text = await spoken(client)
    document = types.TextDocumentIdentifier(uri(client, "spoken.flow"))
    at = place(text, 'say "Bye.')
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(document, types.Range(at, at), types.CodeActionContext(diagnostics=[]))
    )
    added = [action for action in actions if action.title == "add a test that talks to this statement"]
    # lsprotocol takes an action with a command for a command, and what it has for its name.
    command = added[0].command if isinstance(added[0], types.CodeAction) else types.Command(**ast.literal_eval(added[0].command))
    await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
    )
    await until(lambda: asked)
    after = edited(text, asked[0].changes[uri(client, "spoken.flow")])
    assert after.startswith(text) and 'test "a way to bye" {' in after and 'bot "Bye."' in after, after
    changed(client, "spoken.flow", 2, after)
    result = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command="chatflow.runTest", arguments=[uri(client, "spoken.flow"), "a way to bye"])
    )
    assert [test["passed"] for test in result["tests"]] == [True]


@pytest.mark.asyncio
async def test_documentation_comes_when_it_is_asked_for(client):
    text = opened(client, "shop.flow")
    document = types.TextDocumentIdentifier(uri(client, "shop.flow"))
    items = await client.text_document_completion_async(types.CompletionParams(document, place(text, "do details")))
    items = items if isinstance(items, list) else items.items
    one = next(item for item in items if item.label == "say")
    whole = await client.completion_item_resolve_async(one)
    assert "Says a text" in whole.documentation.value
