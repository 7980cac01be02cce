"""Faults of a run: whether waiting can heal one, and what a person can do about it.

A network drive that stumbles or a file that is briefly locked heals; a full disk, a wrong
declaration or a view that does not build stays as it is, and trying again would only hide it for a
while.
"""

from __future__ import annotations

import errno

import duckdb

from flows.forms.words import Text

_PASSING = {
    errno.EAGAIN,
    errno.EBUSY,
    errno.ECONNABORTED,
    errno.ECONNRESET,
    errno.EDEADLK,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.EINTR,
    errno.EIO,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.ENOLCK,
    errno.ENOTCONN,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.ETXTBSY,
}

# by the name of the exception, or of a class that it derives from
_REMEDIES = {
    "BuildError": Text(
        zh="视图未能建成，或检查发现了不应有的行：按消息所指的 SQL 文件修改后重新运行。",
        en="A view does not build, or a check found rows: "
        "mend the SQL file that the message names and run again.",
    ),
    "DisagreementError": Text(
        zh="DuckDB 与 Great Expectations 的判断不一致："
        "不要发布任何数字，把消息中的规则交给开发人员。",
        en="DuckDB and Great Expectations disagree: "
        "publish nothing, and give the rule in the message to the developers.",
    ),
    "CatalogueError": Text(
        zh="报表声明有误：按消息中的文件和行号改正 flows/forms/ 下的文件后重新运行。",
        en="A declaration under flows/forms/ is wrong: "
        "mend the line that the message names and run again.",
    ),
    "WarehouseError": Text(
        zh="数据仓库被占用或尚未建立：等正在进行的运行结束，再重新运行。",
        en="The warehouse is taken, or not there yet: "
        "wait for the run that holds it, then run again.",
    ),
    "TimeoutError": Text(
        zh="运行超时：看日志停在哪一步；重新运行时少选一些地区或季度，因为一切从头做起。",
        en="It took longer than allowed: see in the log which task it was, and run again "
        "with fewer zones or quarters, because it begins from the start.",
    ),
    "OSError": Text(
        zh="磁盘或文件系统的问题：检查空间、权限和网络盘，然后重新运行。",
        en="The disk or file system is at fault: "
        "look at space, permissions and the network drive, then run again.",
    ),
    "ValueError": Text(
        zh="参数有误：消息列出了可用的值，改正后重新运行。",
        en="A parameter is wrong: the message lists what there is; run again with one of these.",
    ),
}
_UNKNOWN = Text(
    zh="流水线自身的问题：把日志交给开发人员。",
    en="The pipeline itself is at fault: give the log to the developers.",
)
# of every run that is red: between two runs nothing is kept but what was published
AGAIN = Text(
    zh="重新运行是安全的：尚未发布的报送全部从头处理。",
    en="Running again is safe: it takes all that was not published, from the start.",
)

PROCESS_DIED = (
    "进程已中断；数据仓库未变，可重新运行 · its process died; the warehouse is unchanged, run again"
)


def can_heal(fault: BaseException) -> bool:
    """Whether trying again after a while may help."""
    if isinstance(fault, duckdb.IOException):
        return "lock" in str(fault).lower()
    return isinstance(fault, OSError) and fault.errno in _PASSING


def remedy_of(fault: BaseException) -> Text:
    """What a person can do about it."""
    return next(
        (_REMEDIES[kind.__name__] for kind in type(fault).__mro__ if kind.__name__ in _REMEDIES),
        _UNKNOWN,
    )
