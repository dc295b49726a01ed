"""Browsing by folder, for apps that know no other way: music folders, what lies in them, and albums as folders."""

from __future__ import annotations

from functools import partial

from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.shapes import Shape, Shapes
from musicplayer.server.view import ARTICLES

_OF_DIRECTORIES = ("id", "name", "starred", "userRating", "playCount")


async def music_folders(call: Call) -> Answer:
    """Those that the library was given, by the last part of their paths."""
    tree = call.folders
    found = [{"id": number, "name": tree.name(folder)} for number, folder in tree.tops.items()]
    return {"musicFolders": {"musicFolder": found}}


async def indexes(call: Call) -> Answer:
    """The folders in the music folders under their letters, and songs that lie beside them."""
    tree, shapes, since = call.folders, await call.shapes(), call.parameters.whole("ifModifiedSince", 0)
    changed = round(float(call.view.catalogue.numbers("added_at").array.max(initial=0.0)) * 1_000)
    about = {"ignoredArticles": " ".join(ARTICLES), "lastModified": changed}
    if since and changed <= since:
        return {"indexes": about}
    tops = list(tree.tops.values())
    if "musicFolderId" in call.parameters:
        tops = [tree.top(call.parameters.whole("musicFolderId"))]
    letters: dict[str, list[Shape]] = {}
    for top in tops:
        for letter, folders in tree.indexed(top):
            shapes_of_letter = [{"id": tree.identity(folder), "name": tree.name(folder)} for folder in folders]
            letters.setdefault(letter, []).extend(shapes_of_letter)
    index = [{"name": letter, "artist": letters[letter]} for letter in sorted(letters)]
    songs = [song for top in tops for song in await _songs_in(call, shapes, top)]
    return {"indexes": {**about, "index": index, "child": songs}}


async def directory(call: Call) -> Answer:
    """What lies in a folder; albums and artists are taken for folders, as lists of albums name them so."""
    identity, shapes = call.parameters.text("id"), await call.shapes()
    number = call.view.artist_number(identity)
    if number is not None:
        albums = await call.made(shapes.album_folder, call.view.albums_by(number).tolist())
        return {"directory": {**shapes.artist_folder(number), "child": albums}}
    number = call.view.album_number(identity)
    if number is not None:
        return {"directory": await _album(call, shapes, number)}
    tops = call.folders.tops
    if identity.isascii() and identity.isdecimal() and int(identity) in tops:
        return {"directory": await _folder(call, shapes, tops[int(identity)])}
    return {"directory": await _folder(call, shapes, call.folders.number(identity))}


async def _album(call: Call, shapes: Shapes, album: int) -> Shape:
    shape = shapes.album(album)
    kept: Shape = {name: shape[name] for name in _OF_DIRECTORIES if name in shape}
    parent = {"parent": shape["artistId"]} if "artistId" in shape else {}
    return {**kept, **parent, "child": await call.made(shapes.song, call.view.albums.rows_of(album).tolist())}


async def _folder(call: Call, shapes: Shapes, folder: int) -> Shape:
    tree = call.folders
    identity, above = tree.identity(folder), tree.parent(folder)
    folders = [
        {"id": tree.identity(one), "parent": identity, "isDir": True, "title": tree.name(one)}
        for one in tree.below(folder)
    ]
    return {
        "id": identity,
        **({} if above is None else {"parent": tree.identity(above)}),
        "name": tree.name(folder),
        "child": [*folders, *await _songs_in(call, shapes, folder)],
    }


async def _songs_in(call: Call, shapes: Shapes, folder: int) -> list[Shape]:
    """The songs that lie in a folder itself: all of a library may lie in one."""
    tree = call.folders
    return await call.made(partial(shapes.song, parent=tree.identity(folder)), tree.rows_in(folder).tolist())


ENDPOINTS: Endpoints = {"getMusicFolders": music_folders, "getIndexes": indexes, "getMusicDirectory": directory}
